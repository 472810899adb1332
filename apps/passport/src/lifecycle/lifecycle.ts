export type LifecycleKind = 'RECEIVED' | 'PASSPORT_ISSUED' | 'SOLD' | 'RETURNED';

export type LifecycleRecord = {
  id: string;
  serialUnitId: string;
  kind: LifecycleKind;
  occurredAt: Date;
};
