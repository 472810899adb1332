-- What a line is reported under: category and vendor of its variant as the price book has them now (ADR 0368). A trigger,
-- because lines are written in several places and none of them may forget it; they are never looked up again.
CREATE OR REPLACE FUNCTION sale_line_group() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT p.category, p.vendor INTO NEW.category, NEW.vendor FROM price_book p
   WHERE p.tenant_id = NEW.tenant_id AND p.variant_id = NEW.variant_id;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER sale_line_group
BEFORE INSERT ON sale_line FOR EACH ROW WHEN (NEW.variant_id IS NOT NULL)
EXECUTE FUNCTION sale_line_group();
