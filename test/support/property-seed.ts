import fc from 'fast-check';

/**
 * One seed for every property, so that a run gives what the last one gave; PROPERTY_SEED names another
 * (a number), or asks for a new one each time (`random`), as the nightly run does.
 */
const DEFAULT_SEED = 20261124;
const wanted = process.env.PROPERTY_SEED;
if (wanted !== 'random') fc.configureGlobal({ seed: wanted ? Number(wanted) : DEFAULT_SEED });
