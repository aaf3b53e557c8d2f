import { writeFileSync } from "node:fs";
import { ERRORS_PAGE, errorsPage } from "./page";

// Writes the page of all codes anew: `npm run docs:errors`.
writeFileSync(ERRORS_PAGE, errorsPage());
