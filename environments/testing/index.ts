export { anEnvironment } from "./an-environment";
