// What POS asks of inventory, checked against inventory's SDL by test/neighbours.unit.spec.ts.

const placed = 'holdId stockItemId sku tracking serialUnitId serial locationId quantity expiresAt';
const notHeld = `... on InsufficientStock { sku requested available availableInAll locationCode }
    ... on UnitNotAvailable { sku serial stockNumber unitStatus heldBy heldUntil locationCode }`;
const reasons =
  'reasons { lineId sku code message requested available availableInAll locationCode }';

export const holdPlaceOperation = {
  name: 'PosHoldPlace',
  query: `mutation PosHoldPlace($input: SaleHoldPlaceInput!) {
  saleHoldPlace(input: $input) {
    __typename
    ... on SaleHoldPlaceSuccess { ${placed} }
    ... on UserError { code message }
    ${notHeld}
    ... on HoldNotTaken { reason }
    ... on NotFound { kind id }
    ... on InvalidInput { field value }
    ... on IdempotencyKeyReused { idempotencyKey }
  }
}`,
};

export const holdsPlaceOperation = {
  name: 'PosHoldsPlace',
  query: `mutation PosHoldsPlace($input: SaleHoldsPlaceInput!) {
  saleHoldsPlace(input: $input) {
    __typename
    ... on SaleHoldsPlaceSuccess {
      holds { ${placed} }
    }
    ... on UserError { code message }
    ... on SaleHoldsRefused { ${reasons} }
    ... on InvalidInput { field value }
    ... on IdempotencyKeyReused { idempotencyKey }
  }
}`,
};

export const holdResizeOperation = {
  name: 'PosHoldResize',
  query: `mutation PosHoldResize($input: SaleHoldResizeInput!) {
  saleHoldResize(input: $input) {
    __typename
    ... on SaleHoldPlaceSuccess { ${placed} }
    ... on UserError { code message }
    ${notHeld}
    ... on NotFound { kind id }
    ... on InvalidInput { field value }
    ... on IdempotencyKeyReused { idempotencyKey }
  }
}`,
};

export const holdsRenewOperation = {
  name: 'PosHoldsRenew',
  query: `mutation PosHoldsRenew($input: SaleLineHoldsRenewInput!) {
  saleLineHoldsRenew(input: $input) { holds { lineId expiresAt } }
}`,
};

export const holdReleaseOperation = {
  name: 'PosHoldRelease',
  query: `mutation PosHoldRelease($input: SaleHoldReleaseInput!) {
  saleHoldRelease(input: $input) { __typename }
}`,
};

export const claimOperation = {
  name: 'PosClaim',
  query: `mutation PosClaim($input: SaleClaimInput!) {
  saleClaim(input: $input) {
    __typename
    ... on SaleClaimed {
      lines { lineId stockItemId serialUnitId serial locationId units { serialUnitId serial } }
    }
    ... on SaleClaimRefused { ${reasons} }
    ... on InvalidInput { code message }
  }
}`,
};

export const releaseOperation = {
  name: 'PosRelease',
  query: `mutation PosRelease($input: SaleReleaseInput!) {
  saleRelease(input: $input) { __typename }
}`,
};

export const locationOperation = {
  name: 'PosLocation',
  query: `query PosLocation($id: ID, $code: String) {
  locationForSale(id: $id, code: $code) { id code name isActive }
}`,
};
