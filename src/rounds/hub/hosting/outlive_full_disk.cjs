// Loaded by Node before the proxy: a log that cannot be written (a full disk) is not the end of the pages.
// Without a listener Node makes an uncaught exception of it; the proxy logs that, which fails again, without an end.
"use strict";
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", () => {});
}
