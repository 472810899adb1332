import { migration } from '@onecount/db';

/** What joins a product later stands in its history, whatever statement brought it. */
export const PicturesAndValuesInTheHistory1799900200000 = migration(
  'PicturesAndValuesInTheHistory1799900200000',
  `
CREATE TRIGGER media_history_of_new AFTER INSERT ON media
  REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION media_note();
CREATE TRIGGER media_history_of_gone AFTER DELETE ON media
  REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION media_note();
CREATE TRIGGER option_values_history AFTER UPDATE ON product_option
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION option_values_note();`,
);
