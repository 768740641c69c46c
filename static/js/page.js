/** What every page gets; each part does nothing where its data attribute is missing. */

import { watchBalances } from "./balance.js";
import { watchBudgets } from "./budget.js";
import { watchCapitals } from "./capitals.js";
import { focusErrors } from "./errors.js";
import { watchKept } from "./kept.js";
import { watchOnce } from "./once.js";
import { watchRows } from "./rows.js";
import { watchSums } from "./sums.js";
import { watchUnsaved } from "./unsaved.js";

watchRows(document);
watchBudgets(document);
watchSums(document);
watchCapitals(document);
watchBalances(document);
watchOnce();
watchKept();
watchUnsaved(document);
focusErrors(document);
