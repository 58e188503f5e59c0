# The collation of a usual installation, so that a test notices code that counts on the order of bytes.
prepare() {
    locale=
    if "$INITDB" --help | grep -q locale-provider; then
        locale="--locale-provider=icu --icu-locale=en-US"
    fi
    $AS "$INITDB" --pgdata="$FOLDER/data" --username="$SERVER_USER" --pwfile="$FOLDER/password" \
        --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 $locale --no-sync
}

serve() {
    exec $AS "$SERVE" -D "$FOLDER/data" -c port="$PORT" -c listen_addresses=127.0.0.1 \
        -c unix_socket_directories= -c max_connections=300 -c timezone=Asia/Seoul $OPTIONS
}

is_ready() {
    "$READY" --quiet --host=127.0.0.1 --port="$PORT" --timeout=2
}

# SIGINT: cuts the connections and writes everything down; SIGTERM would wait for the clients.
stop_gently() {
    kill -INT "$server"
}

clean_up() {
    :
}
