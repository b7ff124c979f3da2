// Asks what Publicodes asks: the missing variable with the highest score, until none is missing.
// Usage: node walk.mjs <folder with node_modules> <rules.yaml>; prints questions per assignment.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(process.argv[2] + "/");
const Engine = require("publicodes").default;
const { parse } = require("yaml");
const rules = parse(readFileSync(process.argv[3], "utf8"));
const names = Object.keys(rules).filter((name) => name !== "outcome");
const engine = new Engine(rules, { logger: { log() {}, warn() {}, error() {} } });
const counts = [];
for (let bits = 0; bits < 2 ** names.length; bits++) {
  const situation = {};
  let asked = 0;
  for (;;) {
    engine.setSituation(situation);
    const found = engine.evaluate("outcome");
    const missing = Object.entries(found.missingVariables);
    if (missing.length === 0) {
      counts.push([asked, found.nodeValue]);
      break;
    }
    const next = missing.sort((a, b) => b[1] - a[1])[0][0];
    situation[next] = bits & (1 << names.indexOf(next)) ? "oui" : "non";
    asked++;
  }
}
process.stdout.write(JSON.stringify({ names, counts }));
