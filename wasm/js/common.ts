export { PodgateError } from "./error.js";
export { Gate } from "./gate.js";
export { schema } from "./schema.js";
