import type { VerdictOf } from '../verdict-rules.ts';
import type { DeployRuleId } from './rule-info.ts';

/** What a judgement of deployment says about one file; the rule that reports it is named. */
export type DeployVerdict = VerdictOf<DeployRuleId>;
