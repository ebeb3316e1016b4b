#!/bin/sh
# PostgreSQL's image runs this once, in an empty data directory: a login for Chancery that is no superuser, and its
# database.
set -eu
psql --username=postgres --no-psqlrc --quiet --set=ON_ERROR_STOP=1 \
  --set=password="$(cat /run/secrets/database_password)" <<'SQL'
create role chancery login password :'password';
create database chancery owner chancery;
revoke all on database chancery from public;
SQL
