prepare() {
    # Of its own: a server that starts removes the temporary tables of every other one in the folder.
    $AS mkdir "$FOLDER/tmp" || return 1
    $AS "$INSTALL" --no-defaults --datadir="$FOLDER/data" --tmpdir="$FOLDER/tmp" --skip-test-db || return 1
    password=$(cat "$FOLDER/password")
    # Read once at the first start, before it listens.
    echo "CREATE OR REPLACE USER '$SERVER_USER'@'%' IDENTIFIED BY '$password';
GRANT ALL ON *.* TO '$SERVER_USER'@'%' WITH GRANT OPTION;" >"$FOLDER/first.sql"
}

serve() {
    exec $AS "$SERVE" --no-defaults --datadir="$FOLDER/data" --tmpdir="$FOLDER/tmp" --socket="$FOLDER/socket" \
        --pid-file="$FOLDER/pid" --port="$PORT" --bind-address=127.0.0.1 --skip-name-resolve \
        --max-connections=300 --default-time-zone=+09:00 --init-file="$FOLDER/first.sql" $OPTIONS
}

is_ready() {
    MYSQL_PWD=$(cat "$FOLDER/password") "$CLIENT" --no-defaults --protocol=tcp --host=127.0.0.1 --port="$PORT" \
        --user="$SERVER_USER" --connect-timeout=2 --execute='SELECT 1'
}

stop_gently() {
    kill -TERM "$server"
}

clean_up() {
    :
}
