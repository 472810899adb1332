import type { ReturnKind } from '../return/return.sql.ts';
import type { Tender } from '../sale/sale.ts';

export type Words = {
  receipt: string;
  giftReceipt: string;
  returns: Record<ReturnKind, string>;
  ofReceipt: string;
  givenBack: string;
  wentInstead: string;
  didNotGo: string;
  copy: string;
  firstPrinted: (date: string, by: string) => string;
  date: string;
  register: string;
  cashier: string;
  serial: string;
  subtotal: string;
  discount: string;
  total: string;
  /** What there is without tax. */
  net: string;
  rounding: string;
  taxExempt: string;
  change: string;
  /** On a card, after it paid. */
  left: string;
  tenders: Record<Tender['kind'], string>;
};

const english: Words = {
  receipt: 'Receipt',
  giftReceipt: 'Gift receipt',
  returns: { RETURN: 'Return', POST_VOID: 'Voided sale', EXCHANGE: 'Exchange' },
  ofReceipt: 'Of receipt',
  givenBack: 'Given back',
  wentInstead: 'Handed over',
  didNotGo: 'Not handed over',
  copy: 'COPY',
  firstPrinted: (date, by) => `First printed ${date} by ${by}`,
  date: 'Date',
  register: 'Register',
  cashier: 'Served by',
  serial: 'No.',
  subtotal: 'Subtotal',
  discount: 'Discount',
  total: 'Total',
  net: 'Net',
  rounding: 'Rounding',
  taxExempt: 'exempt',
  change: 'Change',
  left: 'Left on it',
  tenders: {
    CASH: 'Cash',
    CARD: 'Card',
    BANK_TRANSFER: 'Bank transfer',
    GIFT_CARD: 'Gift card',
    STORE_CREDIT: 'Store credit',
    EXCHANGE: 'Exchange',
  },
};

const languages: Record<string, Words> = {
  de: {
    receipt: 'Beleg',
    giftReceipt: 'Geschenkbeleg',
    returns: { RETURN: 'Rückgabe', POST_VOID: 'Storno', EXCHANGE: 'Umtausch' },
    ofReceipt: 'Zu Beleg',
    givenBack: 'Zurückgegeben',
    wentInstead: 'Ausgehändigt',
    didNotGo: 'Nicht ausgehändigt',
    copy: 'KOPIE',
    firstPrinted: (date, by) => `Zuerst gedruckt am ${date} von ${by}`,
    date: 'Datum',
    register: 'Kasse',
    cashier: 'Bedient von',
    serial: 'Nr.',
    subtotal: 'Zwischensumme',
    discount: 'Rabatt',
    total: 'Summe',
    net: 'Netto',
    rounding: 'Rundung',
    taxExempt: 'steuerbefreit',
    change: 'Rückgeld',
    left: 'Restguthaben',
    tenders: {
      CASH: 'Bar',
      CARD: 'Karte',
      BANK_TRANSFER: 'Überweisung',
      GIFT_CARD: 'Geschenkkarte',
      STORE_CREDIT: 'Gutschrift',
      EXCHANGE: 'Umtausch',
    },
  },
  fr: {
    receipt: 'Ticket',
    giftReceipt: 'Ticket cadeau',
    returns: { RETURN: 'Retour', POST_VOID: 'Annulation', EXCHANGE: 'Échange' },
    ofReceipt: 'Du ticket',
    givenBack: 'Remboursé',
    wentInstead: 'Remis',
    didNotGo: 'Non remis',
    copy: 'COPIE',
    firstPrinted: (date, by) => `Imprimé d’abord le ${date} par ${by}`,
    date: 'Date',
    register: 'Caisse',
    cashier: 'Servi par',
    serial: 'N°',
    subtotal: 'Sous-total',
    discount: 'Remise',
    total: 'Total',
    net: 'Hors taxe',
    rounding: 'Arrondi',
    taxExempt: 'exonéré',
    change: 'Rendu',
    left: 'Solde restant',
    tenders: {
      CASH: 'Espèces',
      CARD: 'Carte',
      BANK_TRANSFER: 'Virement',
      GIFT_CARD: 'Carte cadeau',
      STORE_CREDIT: 'Avoir',
      EXCHANGE: 'Échange',
    },
  },
};

/** The words of a receipt in the language of a locale; English for one that has none here. */
export const wordsOf = (locale: string): Words =>
  languages[new Intl.Locale(locale).language] ?? english;
