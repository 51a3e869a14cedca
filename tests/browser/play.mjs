// A skald with sagas in every situation, to look at: node tests/browser/play.mjs [port]
import { populate } from "./scenes.mjs";
import { World } from "./world.mjs";

const world = await World.start({ port: Number(process.argv[2] ?? 7070) });
for (const signal of ["SIGINT", "SIGTERM"])
  process.once(signal, () => world.close().then(() => process.exit(0)));
try {
  await populate(world);
  console.log(`${world.url} (Ctrl-C ends it)`);
} catch (error) {
  await world.close();
  throw error;
}
