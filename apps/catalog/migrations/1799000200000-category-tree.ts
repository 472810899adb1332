import { acrossTenants, migration } from '@onecount/db';

/**
 * Categories are a tree. The path from the top is kept, so that one unique index says that no parent has two children
 * of one name, a product file finds its category by one look, and the descendants of one are a prefix.
 */
export const CategoryTree1799000200000 = migration(
  'CategoryTree1799000200000',
  `
ALTER TABLE category
  ADD COLUMN parent_id uuid,
  ADD COLUMN path text,
  ADD CONSTRAINT category_parent_fkey FOREIGN KEY (tenant_id, parent_id) REFERENCES category (tenant_id, id),
  ADD CONSTRAINT category_not_its_own_parent CHECK (parent_id <> id);
${acrossTenants('category', 'UPDATE category SET path = name;')}
ALTER TABLE category ALTER COLUMN path SET NOT NULL;
DROP INDEX category_name_key;
CREATE UNIQUE INDEX category_path_key ON category (tenant_id, lower(path));
CREATE INDEX category_by_parent ON category (tenant_id, parent_id);
CREATE INDEX category_by_name ON category (tenant_id, lower(name));
CREATE INDEX product_by_category ON product (tenant_id, category_id, id) WHERE category_id IS NOT NULL;`,
);
