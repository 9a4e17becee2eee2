import type { TokenKind } from './kind.ts';
import { AMAZON_AND_OTHERS } from './kinds/amazon.ts';
import { COMMERCE_AND_CHAT } from './kinds/commerce-and-chat.ts';
import { DELIVERY } from './kinds/delivery.ts';
import { GOOGLE } from './kinds/google.ts';
import { HOSTING } from './kinds/hosting.ts';
import { INFRASTRUCTURE } from './kinds/infrastructure.ts';
import { MICROSOFT } from './kinds/microsoft.ts';
import { MODELS } from './kinds/models.ts';
import { OBSERVABILITY } from './kinds/observability.ts';
import { PAYMENTS } from './kinds/payments.ts';
import { SERVICES } from './kinds/services.ts';
import { SOURCE_CONTROL } from './kinds/source-control.ts';

/** Every kind of token that is known by a mark of its own. */
export const TOKEN_KINDS: readonly TokenKind[] = [
  ...SOURCE_CONTROL,
  ...AMAZON_AND_OTHERS,
  ...GOOGLE,
  ...MICROSOFT,
  ...HOSTING,
  ...PAYMENTS,
  ...COMMERCE_AND_CHAT,
  ...MODELS,
  ...DELIVERY,
  ...INFRASTRUCTURE,
  ...OBSERVABILITY,
  ...SERVICES,
];
