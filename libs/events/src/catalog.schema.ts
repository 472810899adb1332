import { Type, type Static } from '@sinclair/typebox';
import {
  count,
  instant,
  money,
  name,
  oneOf,
  optional,
  text,
  tracking,
  uuid,
  version,
} from './parts.schema.ts';

const option = Type.Object(
  {
    name: name('Name of the axis, for example Size.'),
    values: Type.Array(Type.String(), { description: 'Values in their order.' }),
  },
  { description: 'One axis of the product.' },
);

const medium = Type.Object(
  {
    url: name('Address of the picture.'),
    alt: optional(text('Text in place of the picture.')),
    position: count('Place in the order of the pictures.'),
  },
  { description: 'A picture of the product.' },
);

const variant = Type.Object(
  {
    variantId: uuid('The variant.'),
    sku: name('Unique in the tenant.'),
    barcode: optional(text('GTIN, UPC or EAN.')),
    stockCode: optional(
      text("A code of the shop's own, where there is no barcode; scanned like one, and no GTIN."),
    ),
    title: text('Derived from the option values, for example "Red / S".'),
    fullTitle: text('Product title and variant title together.'),
    position: count('Place in the order of the variants.'),
    price: optional(money('Selling price.')),
    compareAtPrice: optional(money('Former price, shown struck through.')),
    cost: optional(money('Cost of one unit.')),
    optionValues: Type.Array(Type.String(), {
      description: 'One value per option, in their order.',
    }),
    tracking,
    isActive: Type.Boolean({ description: 'Whether the variant is sold at all.' }),
    isTaxable: Type.Boolean({ description: 'Whether tax applies.' }),
    requiresShipping: Type.Boolean({ description: 'Whether it is a physical good.' }),
    weightGrams: optional(Type.Integer({ minimum: 0, description: 'Weight for shipping.' })),
    weightUnit: optional(
      oneOf(['GRAM', 'KILOGRAM', 'OUNCE', 'POUND'], 'How the weight is shown. Left out: in grams.'),
    ),
    taxCode: optional(text('By which tax rates are found. Left out: the ordinary rate.')),
  },
  { description: 'One combination of option values.' },
);

const metadataEntry = Type.Object(
  {
    key: name('Name of the fact, for example custom.fabric.'),
    type: text('How the value is meant: TEXT, INTEGER, DECIMAL, BOOLEAN, DATE, URL or JSON.'),
    value: text('The value as text.'),
  },
  { description: 'One fact.' },
);

export const productChanged = Type.Object(
  {
    productId: uuid('The product.'),
    version,
    handle: name('URL slug, unique in the tenant.'),
    formerHandles: optional(
      Type.Array(Type.String(), {
        description: 'Handles that led to the product when this was published. Left out: none.',
      }),
    ),
    title: name('Name of the product.'),
    status: oneOf(['DRAFT', 'ACTIVE', 'ARCHIVED'], 'Where the product is in its life.'),
    isUnlisted: optional(
      Type.Boolean({ description: 'True: on sale, but in no public list. Left out: listed.' }),
    ),
    isListedOnWebsite: optional(
      Type.Boolean({ description: 'False: it goes to no web shop. Left out: it does.' }),
    ),
    vendor: optional(text('Name of the vendor.')),
    category: optional(text('Name of the category.')),
    categoryPath: optional(
      text("The category's name behind those above it: Men's Tops > T-Shirts."),
    ),
    productType: optional(text('Type in the words of the shop.')),
    productGroupId: optional(uuid('The group of siblings that the product belongs to.')),
    seoTitle: optional(text('Title for search engines.')),
    seoDescription: optional(text('Description for search engines.')),
    styleNumber: optional(text("The maker's number of the style.")),
    metadata: optional(
      Type.Array(metadataEntry, { description: "Facts of the shop's own. Left out: none." }),
    ),
    tags: Type.Array(Type.String(), { description: 'Free labels.' }),
    options: Type.Array(option, { description: 'At most three axes.' }),
    media: Type.Array(medium, { description: 'Pictures in their order.' }),
    variants: Type.Array(variant, { description: 'Every variant, also inactive ones.' }),
    removedVariantIds: optional(
      Type.Array(uuid('A variant.'), {
        description: 'Every variant that was ever removed from the product. Left out: none.',
      }),
    ),
    deletedAt: optional(instant('Set once the product is deleted.')),
  },
  { description: 'The whole state of a product after a change.' },
);
export type ProductChanged = Static<typeof productChanged>;
