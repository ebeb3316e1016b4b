#!/bin/sh
# PostgreSQL's image runs this once, in an empty data directory: a login for Chancery that is no superuser, its
# database, and the role of the second wall.
set -eu
psql --username=postgres --no-psqlrc --quiet --set=ON_ERROR_STOP=1 \
  --set=password="$(cat /run/secrets/database_password)" <<'SQL'
create role chancery login password :'password';
create database chancery owner chancery;
create role chancery_reader nologin;
grant chancery_reader to chancery;
revoke all on database chancery from public;
SQL
