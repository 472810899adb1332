import cliProgress from 'cli-progress';

export type Progress = {
  show(step: string, done: number, total: number): void;
  end(): void;
};

/** A bar on a terminal; one line per step elsewhere, so that a log stays readable. */
export function createProgress(out: NodeJS.WriteStream): Progress {
  return out.isTTY ? bar(out) : lines(out);
}

function bar(out: NodeJS.WriteStream): Progress {
  const single = new cliProgress.SingleBar({
    stream: out,
    format: '{step} {bar} {percentage}%  {value}/{total}',
    hideCursor: true,
    barsize: 30,
    clearOnComplete: true,
  });
  let isStarted = false;
  return {
    show(step, done, total) {
      const payload = { step: step.padEnd(9) };
      if (!isStarted) single.start(total, done, payload);
      isStarted = true;
      single.setTotal(total);
      single.update(done, payload);
    },
    end() {
      if (isStarted) single.stop();
    },
  };
}

function lines(out: NodeJS.WriteStream): Progress {
  let last = '';
  return {
    show(step) {
      if (step !== last) out.write(`${step} …\n`);
      last = step;
    },
    end: () => undefined,
  };
}
