// The frame of every page, and which page stands at which address.
import { Component, type ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { Help } from "./keyboard";
import { Attention } from "./pages/attention";
import { DefinitionPage } from "./pages/definition";
import { Definitions } from "./pages/definitions";
import { Overview } from "./pages/overview";
import { Sagas } from "./pages/sagas";
import { StartSaga } from "./pages/start";
import { TryOut } from "./pages/try_out";
import { Empty, ProblemNotice } from "./parts/notice";
import { problemOf } from "./api/client";
import { Toasts } from "./parts/toast";
import { place } from "./router";
import { SagaView } from "./saga/saga";
import { TopBar } from "./top_bar";

interface Page {
  title: string;
  show: () => ComponentChildren;
}

function pageAt(path: string[]): Page {
  const [first, second, ...rest] = path;
  if (rest.length === 0)
    switch (first) {
      case undefined:
        return { title: "Overview", show: () => <Overview /> };
      case "sagas":
        if (second === undefined) return { title: "Sagas", show: () => <Sagas /> };
        return { title: second, show: () => <SagaView key={second} id={second} /> };
      case "definitions":
        if (second === undefined) return { title: "Definitions", show: () => <Definitions /> };
        return { title: second, show: () => <DefinitionPage key={second} name={second} /> };
      case "attention":
        if (second === undefined) return { title: "Needs attention", show: () => <Attention /> };
        break;
      case "start":
        if (second === undefined) return { title: "Start a saga", show: () => <StartSaga /> };
        break;
      case "try":
        if (second === undefined) return { title: "Try a document", show: () => <TryOut /> };
    }
  return { title: "Not found", show: () => <NotFound /> };
}

const NotFound = () => (
  <Empty icon="search" title="There is no such page">
    <p>
      Go to the <a href="/">overview</a>, the <a href="/sagas">sagas</a> or the{" "}
      <a href="/definitions">definitions</a>.
    </p>
  </Empty>
);

/** One odd value breaks one page, and says so. */
class Boundary extends Component<{ children: ComponentChildren }, { error?: unknown }> {
  state: { error?: unknown } = {};
  static getDerivedStateFromError = (error: unknown) => ({ error });
  render() {
    if (this.state.error === undefined) return this.props.children;
    const again = () => this.setState({ error: undefined });
    return <ProblemNotice problem={problemOf(this.state.error)} retry={again} />;
  }
}

export function App() {
  const path = place.value.path;
  const page = pageAt(path);
  useEffect(() => {
    document.title = `${page.title} · Skald`;
  }, [page.title]);
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <TopBar />
      <main id="main" tabIndex={-1}>
        <Boundary key={path.join("/")}>{page.show()}</Boundary>
      </main>
      <Help />
      <Toasts />
    </>
  );
}
