/** What one account may have running at a time, and how much it may start in a second and at once. */
export type Share = { runningMax: number; perSecond: number; burst: number };
export type FairLimits = {
  caller: Share;
  tenant: Share;
  /** How many requests of one caller may wait for their turn, and how long each. */
  waitingMax: number;
  waitMsMax: number;
};
export type Asking = { tenantId: string; subject: string };
export type Ticket = {
  /** The request turned out to cost more. */
  add(cost: number): void;
  end(): void;
};

/** The caller or its tenant has had its share; worth another try after that time. */
export class ShareUsedUp extends Error {
  override readonly name = 'ShareUsedUp';
  readonly retryAfterSeconds: number;
  constructor(retryAfterSeconds: number) {
    super('This caller or its tenant has had its share of the gateway.');
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

type Account = { share: Share; running: number; waiting: number; credit: number; at: number };
type Asked = { caller: Account; tenant: Account; cost: number };
type Waiter = Asked & { start(): void };

const accountsMax = 10_000;

/**
 * Who asks much waits behind himself and not before others. A caller and a tenant have so much cost running at a
 * time, and so much credit a second: what exceeds the first waits in the tenant's own line, what exceeds the
 * second is refused (docs/adr/0167). It is one process's: replicas multiply the shares.
 */
export function createFairLimit(limits: FairLimits, now: () => number = () => performance.now()) {
  const accounts = new Map<string, Account>();
  const lines = new Map<Account, Set<Waiter>>();

  const accountOf = (key: string, share: Share): Account => {
    const known = accounts.get(key);
    const account = known ?? { share, running: 0, waiting: 0, credit: share.burst, at: now() };
    refill(account, now());
    if (known) return account;
    if (accounts.size >= accountsMax) forgetSettled(accounts, now());
    accounts.set(key, account);
    return account;
  };

  const run = (asked: Asked): Ticket => {
    let cost = 0;
    const add = (more: number) => {
      cost += more;
      for (const account of [asked.caller, asked.tenant]) account.running += more;
    };
    add(asked.cost);
    return {
      add(more) {
        add(more);
        for (const account of [asked.caller, asked.tenant]) account.credit -= more;
      },
      end() {
        add(-cost);
        startNext(asked.tenant);
      },
    };
  };

  const startNext = (tenant: Account): void => {
    for (const waiter of lines.get(tenant) ?? []) if (mayRun(waiter)) waiter.start();
  };

  const leave = (waiter: Waiter): void => {
    const line = lines.get(waiter.tenant);
    waiter.caller.waiting -= 1;
    line?.delete(waiter);
    if (line?.size === 0) lines.delete(waiter.tenant);
  };

  const waitInLine = (asked: Asked): Promise<Ticket> =>
    new Promise((resolve, reject) => {
      const waiter: Waiter = {
        ...asked,
        start() {
          clearTimeout(timer);
          leave(waiter);
          resolve(run(asked));
        },
      };
      const timer = setTimeout(() => {
        leave(waiter);
        reject(new ShareUsedUp(1));
      }, limits.waitMsMax);
      const line = lines.get(asked.tenant) ?? new Set();
      lines.set(asked.tenant, line.add(waiter));
      asked.caller.waiting += 1;
    });

  return {
    /** Resolves when the request may run; the ticket must be ended. Throws ShareUsedUp. */
    async start({ tenantId, subject }: Asking, cost: number): Promise<Ticket> {
      const tenant = accountOf(tenantId, limits.tenant);
      const caller = accountOf(`${tenantId}\0${subject}`, limits.caller);
      const owed = Math.max(secondsOwed(caller), secondsOwed(tenant));
      if (owed > 0) throw new ShareUsedUp(Math.ceil(owed));
      const asked = { caller, tenant, cost };
      const mustWait = !mayRun(asked);
      if (mustWait && caller.waiting >= limits.waitingMax) throw new ShareUsedUp(1);
      for (const account of [caller, tenant]) account.credit -= cost;
      return mustWait ? waitInLine(asked) : run(asked);
    },
  };
}

export type FairLimit = ReturnType<typeof createFairLimit>;

// What is larger than a whole share runs when nothing else of its account does.
function mayRun({ caller, tenant, cost }: Asked): boolean {
  return [caller, tenant].every(
    ({ running, share }) => running <= 0 || running + cost <= share.runningMax,
  );
}

function refill(account: Account, at: number): void {
  const earned = ((at - account.at) / 1000) * account.share.perSecond;
  account.credit = Math.min(account.share.burst, account.credit + earned);
  account.at = at;
}

function secondsOwed({ credit, share }: Account): number {
  return credit > 0 ? 0 : (1 - credit) / share.perSecond;
}

function forgetSettled(accounts: Map<string, Account>, at: number): void {
  for (const [key, account] of accounts) {
    refill(account, at);
    const { running, waiting, credit, share } = account;
    if (running <= 0 && waiting === 0 && credit >= share.burst) accounts.delete(key);
  }
}
