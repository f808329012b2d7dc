import { JSON_MANNER, indented, literal, quoted } from "./code-words.js";

/** A test with the library, in process: no port, no signature by hand. @type {import("./code.js").Writer} */
export function rust(call) {
  const name = call.action.Name.replace(/([a-z])(?=[A-Z])/g, "$1_").toLowerCase();
  const caller = call.region === "ap-guangzhou" ? "sandbox" : `sandbox.caller().region(${quoted(call.region)})`;
  const params = indented(literal(call.params, JSON_MANNER), 4);
  return `// [dev-dependencies]
// crs-local = { version = "0.1", default-features = false }
use crs_local::{Emulator, json};

#[test]
fn ${name}() {
    let sandbox = Emulator::builder().build().unwrap();
    let answer = ${caller}.call(${quoted(call.action.Name)}, json!(${params})).unwrap();
    println!("{answer:#}");
}
`;
}
