import { render } from "preact";
import { App } from "./app";
import { listenToKeys } from "./keyboard";
import { connect } from "./live/connection";
import { followLinks } from "./router";
import { applyTheme } from "./settings";

applyTheme();
followLinks();
listenToKeys();
connect();
const root = document.getElementById("app");
if (root) render(<App />, root);
