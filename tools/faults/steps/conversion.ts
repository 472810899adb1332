import { isDone } from '../caller.ts';
import { found, type Step } from '../step.ts';

/** What was counted is named piece by piece from now on, or again: the first one converts, the others register. */
export const conversion: Step = {
  name: 'conversion',
  async act({ mark, goods, ask }) {
    const units = [{ locationId: goods.locations.HQ, serial: mark }];
    const converted = await ask(
      { name: 'stockItemConvertToSerial' },
      { sku: goods.convertible, units },
    );
    return isDone(converted);
  },
  effects: [found('inventory', 'SELECT count(*) FROM serial_unit WHERE serial = $1')],
};
