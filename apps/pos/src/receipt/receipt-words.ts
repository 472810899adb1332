import type { Tender } from '../sale/sale.ts';

export type Words = {
  receipt: string;
  giftReceipt: string;
  copy: string;
  firstPrinted: (date: string, by: string) => string;
  date: string;
  register: string;
  cashier: string;
  serial: string;
  total: string;
  change: string;
  tenders: Record<Tender['kind'], string>;
};

const english: Words = {
  receipt: 'Receipt',
  giftReceipt: 'Gift receipt',
  copy: 'COPY',
  firstPrinted: (date, by) => `First printed ${date} by ${by}`,
  date: 'Date',
  register: 'Register',
  cashier: 'Served by',
  serial: 'No.',
  total: 'Total',
  change: 'Change',
  tenders: { CASH: 'Cash', CARD: 'Card' },
};

const languages: Record<string, Words> = {
  de: {
    receipt: 'Beleg',
    giftReceipt: 'Geschenkbeleg',
    copy: 'KOPIE',
    firstPrinted: (date, by) => `Zuerst gedruckt am ${date} von ${by}`,
    date: 'Datum',
    register: 'Kasse',
    cashier: 'Bedient von',
    serial: 'Nr.',
    total: 'Summe',
    change: 'Rückgeld',
    tenders: { CASH: 'Bar', CARD: 'Karte' },
  },
  fr: {
    receipt: 'Ticket',
    giftReceipt: 'Ticket cadeau',
    copy: 'COPIE',
    firstPrinted: (date, by) => `Imprimé d’abord le ${date} par ${by}`,
    date: 'Date',
    register: 'Caisse',
    cashier: 'Servi par',
    serial: 'N°',
    total: 'Total',
    change: 'Rendu',
    tenders: { CASH: 'Espèces', CARD: 'Carte' },
  },
};

/** The words of a receipt in the language of a locale; English for one that has none here. */
export const wordsOf = (locale: string): Words =>
  languages[new Intl.Locale(locale).language] ?? english;
