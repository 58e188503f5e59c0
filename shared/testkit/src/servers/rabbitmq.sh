# Everything in its own folder and on ports of its own: $PORT for clients, the two after it for Erlang. The port mapper
# of Erlang is ours as well, so that no other broker is met and nothing outlives the test.
as_broker() {
    exec $AS env HOME="$FOLDER/home" RUNNING_UNDER_SYSTEMD=1 \
        RABBITMQ_NODENAME="waybill-$PORT@localhost" RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT="$PORT" \
        RABBITMQ_DIST_PORT="$((PORT + 1))" ERL_EPMD_PORT="$((PORT + 2))" ERL_EPMD_ADDRESS=127.0.0.1 \
        RABBITMQ_MNESIA_BASE="$FOLDER/data" RABBITMQ_LOG_BASE="$FOLDER/logs" \
        RABBITMQ_ENABLED_PLUGINS_FILE="$FOLDER/home/plugins" RABBITMQ_CONFIG_FILE="$FOLDER/home/rabbitmq" \
        RABBITMQ_CONF_ENV_FILE="$FOLDER/home/environment" "$@"
}

# A shell of the broker's user writes them: the files are its own.
prepare() {
    $AS sh -c 'cd "$1" && mkdir home data logs && : >home/environment && echo "[]." >home/plugins && cat >home/rabbitmq.conf' \
        sh "$FOLDER" <<CONF || return 1
default_user = $SERVER_USER
default_pass = $(cat "$FOLDER/password")
loopback_users = none
$OPTIONS
CONF
    (as_broker "$MAPPER") >>"$log" 2>&1 &
    mapper=$!
}

serve() {
    as_broker "$SERVE"
}

is_ready() {
    (as_broker "$CONTROL" --quiet --timeout 60 await_startup)
}

stop_gently() {
    kill -TERM "$server"
}

clean_up() {
    [ -z "$mapper" ] || kill "$mapper"
}

raise_alarm() {
    (as_broker "$CONTROL" --quiet set_vm_memory_high_watermark 0)
}

clear_alarm() {
    (as_broker "$CONTROL" --quiet set_vm_memory_high_watermark 0.4)
}

delete_queue() {
    (as_broker "$CONTROL" --quiet delete_queue "$1")
}

close_connections() {
    for connection in $( (as_broker "$CONTROL" --quiet list_connections pid client_properties) | grep "$1" | cut -f1); do
        (as_broker "$CONTROL" --quiet close_connection "$connection" test) || return 1
    done
}
