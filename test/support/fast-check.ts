/**
 * fast-check whose properties try the same cases at every run: a suite that found something new only now and then would
 * stop people who have changed nothing. The drills, and runs with a number of their own, look for new cases;
 * `MM_PROPERTY_SEED` runs those of a failure again.
 */
import fc from 'fast-check';

const { MM_PROPERTY_SEED: given, MM_DRILLS: drills, MM_PROPERTY_RUNS: runs } = process.env;
const usualSeed = 20_260_105;

if (given !== undefined) fc.configureGlobal({ seed: Number(given) });
else if (drills !== '1' && runs === undefined) fc.configureGlobal({ seed: usualSeed });

export * from 'fast-check';
export default fc;
