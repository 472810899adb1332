#!/bin/bash
# Runs once, by PostgreSQL's image, on an empty volume: one database and two roles per service, neither of them a
# superuser nor above row-level security. Passwords come from the environment: <SERVICE>_DB_PASSWORD and
# <SERVICE>_DB_OWNER_PASSWORD.
set -euo pipefail

for service in catalog inventory pos workshop passport storefront_sync; do
  upper=${service^^}
  password_name=${upper}_DB_PASSWORD
  owner_password_name=${upper}_DB_OWNER_PASSWORD
  psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set role="onecount_$service" \
    --set owner="onecount_${service}_owner" \
    --set password="${!password_name}" \
    --set owner_password="${!owner_password_name}" <<'SQL'
CREATE ROLE :"owner" LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD :'owner_password';
CREATE ROLE :"role" LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE :"role" OWNER :"owner";
REVOKE ALL ON DATABASE :"role" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"role" TO :"role";
SQL
done
