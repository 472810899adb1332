export const stages = [
  'INTAKE',
  'QUOTED',
  'IN_PROGRESS',
  'READY',
  'COLLECTED',
  'CANCELLED',
] as const;
export type RepairStage = (typeof stages)[number];
export type RepairKind = 'KNOWN_UNIT' | 'CUSTOMER_PIECE';

/** The one place that says what may follow what. Back to QUOTED when the work turns out larger. */
export const nextStages: Record<RepairStage, readonly RepairStage[]> = {
  INTAKE: ['QUOTED', 'IN_PROGRESS', 'CANCELLED'],
  QUOTED: ['IN_PROGRESS', 'CANCELLED'],
  IN_PROGRESS: ['QUOTED', 'READY', 'CANCELLED'],
  READY: ['IN_PROGRESS', 'COLLECTED'],
  COLLECTED: [],
  CANCELLED: [],
};

export type RepairRow = {
  tenantId: string;
  id: string;
  version: number;
  ticketNumber: string;
  kind: RepairKind;
  serialUnitId: string | null;
  pieceDescription: string | null;
  workRequested: string;
  customerName: string | null;
  customerPhone: string | null;
  stage: RepairStage;
  openedAt: Date;
  stageChangedAt: Date;
  unitSoldAt: Date | null;
  unitSaleId: string | null;
};

/** What a ticket is opened with, checked. */
export type RepairDraft = {
  serialUnitId: string | null;
  pieceDescription: string | null;
  workRequested: string;
  customerName: string | null;
  customerPhone: string | null;
  openedBy: string;
};

export type RepairAnswer<N extends string> = { __typename: N; repairId: string };
export type RepairOpened = RepairAnswer<'RepairOpenSuccess'>;
export type RepairStageChanged = RepairAnswer<'RepairStageSetSuccess'>;

export function canFollow(from: RepairStage, to: RepairStage): boolean {
  return nextStages[from].includes(to);
}

/** 7 → 'R-000007'; from a million on the number simply grows. */
export function ticketNumberOf(count: number): string {
  return `R-${String(count).padStart(6, '0')}`;
}
