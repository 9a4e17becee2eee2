import { issuer } from '../kind.ts';

const PROJECT_KEYS = 'sk-proj- sk-svcacct- sk-admin-';

/** Providers of models and their tools. */
export const MODELS = [
  ...issuer('OpenAI', [
    ['openai-legacy', 'live', 'sk-', 'b62{20} T3BlbkFJ b62{20}'],
    ['openai-project', 'live', PROJECT_KEYS, 'b64u{20} T3BlbkFJ b64u{20}'],
    ['openai-project', 'live', PROJECT_KEYS, 'b64u{58} T3BlbkFJ b64u{58}'],
    ['openai-project', 'live', PROJECT_KEYS, 'b64u{74} T3BlbkFJ b64u{74}'],
  ]),
  ...issuer('Anthropic', [
    ['anthropic-api', 'live', 'sk-ant-api03-', 'b64u{95}'],
    ['anthropic-admin', 'live', 'sk-ant-admin01-', 'b64u{95}'],
    ['anthropic-oauth', 'live', 'sk-ant-oat01- sk-ant-ort01- sk-ant-sid01-', 'b64u{80,120}'],
  ]),
  ...issuer('OpenRouter', [['openrouter-key', 'live', 'sk-or-v1-', 'hex{64}']]),
  ...issuer('MiniMax', [['minimax-key', 'live', 'sk-api-', 'b64u{119}']]),
  ...issuer('xAI', [['xai-key', 'live', 'xai-', 'b64u{70,120}', { confirm: 'mixedWithDigit' }]]),
  ...issuer('Groq', [['groq-key', 'live', 'gsk_', 'b62{52}']]),
  ...issuer('Cerebras', [['cerebras-key', 'live', 'csk-', 'l36{48}']]),
  ...issuer('Perplexity', [['perplexity-key', 'live', 'pplx-', 'b62{48}']]),
  ...issuer('Together AI', [['together-key', 'live', 'tgp_v1_', 'b64u{43}']]),
  ...issuer('Fireworks', [['fireworks-key', 'live', 'fw_', 'b62{22,24}', { near: 'fireworks' }]]),
  ...issuer('Hugging Face', [
    ['huggingface-user', 'live', 'hf_', 'al{34}'],
    ['huggingface-org', 'live', 'api_org_', 'al{34}'],
  ]),
  ...issuer('Replicate', [['replicate-token', 'live', 'r8_', 'b62{37}']]),
  ...issuer('NVIDIA', [['nvidia-key', 'live', 'nvapi-', 'b64u{60,70}']]),
  ...issuer('Pinecone', [['pinecone-key', 'live', 'pcsk_', 'b62{5,6} _ b62{63}']]),
  ...issuer('LangChain', [['langsmith-key', 'live', 'lsv2_pt_ lsv2_sk_', 'hexi{32} _ hexi{10}']]),
  ...issuer('ElevenLabs', [
    ['elevenlabs-key', 'live', 'sk_', 'hex{48}', { near: 'elevenlabs xi-api-key eleven_labs' }],
  ]),
  ...issuer('Cursor', [['cursor-key', 'live', 'key_', 'hex{64}', { near: 'cursor' }]]),
  ...issuer('Weights & Biases', [['wandb-key-v1', 'live', 'wandb_v1_', 'w{77}']]),
  ...issuer('RunPod', [['runpod-key', 'live', 'rpa_', 'U36{40} b62{6}']]),
  ...issuer('redirect.pizza', [
    ['redirect-pizza-key', 'live', 'rpa_', 'b62{30}', { near: 'redirect' }],
  ]),
  ...issuer('Cognition', [
    ['devin-key', 'live', 'apk_user_', 'b64{120,180} eq{0,2}'],
    ['devin-key', 'live', 'apk_', 'b64{80,100} eq{0,2}'],
    ['devin-key', 'live', 'cog_', 'b32l{52}'],
  ]),
  ...issuer('Tavily', [
    [
      'tavily-key',
      'live',
      'tvly- tvly-dev- tvly-prod-',
      'b62{28,40}',
      { confirm: 'digitAndLetter' },
    ],
  ]),
  ...issuer('Firecrawl', [['firecrawl-key', 'live', 'fc-', 'hex{32}']]),
  ...issuer('Brave', [
    ['brave-search-key', 'live', 'BSA', 'b64u{24,40}', { confirm: 'mixedWithDigit' }],
  ]),
];
