/** Every command, in the order of the help. */
import { apply } from './apply.ts';
import { backtest } from './backtest.ts';
import { checkConfig } from './check-config.ts';
import type { Command } from './command.ts';
import { explain } from './explain.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import-alertmanager.ts';
import { migrate } from './migrate.ts';
import { sendTest } from './send-test.ts';
import { serve } from './serve.ts';

/** What runs when no command is named. */
export const defaultCommand: Command = serve;

/** The commands. */
export const commands: readonly Command[] = [
  serve,
  migrate,
  checkConfig,
  importCommand,
  apply,
  exportCommand,
  sendTest,
  explain,
  backtest,
];
