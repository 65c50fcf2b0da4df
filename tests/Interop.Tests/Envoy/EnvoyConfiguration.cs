using System.Text;

namespace Orleans.Inference.Interop.Tests.Envoy;

/// <summary>Writes Envoy's bootstrap file.</summary>
internal static class EnvoyConfiguration
{
    /// <summary>Largest body that Envoy buffers: its own default, said here because tests depend on it.</summary>
    public const int BufferLimit = 1024 * 1024;

    /// <summary>All ports are chosen by the system: the admin port is written to a file, the listeners' are asked of the admin port.</summary>
    /// <param name="pickerPort">Port of the picker without TLS.</param>
    /// <param name="tlsPickerPort">Port of the picker with TLS.</param>
    /// <param name="modelServerPorts">What <c>override_host</c> chooses from.</param>
    public static string Write(IEnumerable<EnvoyListener> listeners, int pickerPort, int tlsPickerPort, IReadOnlyList<int> modelServerPorts)
    {
        var yaml = new StringBuilder();
        yaml.AppendLine(
            """
            admin:
              address: {socket_address: {address: 127.0.0.1, port_value: 0} }
            static_resources:
              listeners:
            """);
        foreach (var listener in listeners)
        {
            yaml.AppendLine(Listener(listener, modelServerPorts));
        }

        yaml.AppendLine("  clusters:");
        yaml.AppendLine(EnvoyClusters.Picker("picker", pickerPort, ""));
        yaml.AppendLine(EnvoyClusters.Picker("picker-tls", tlsPickerPort, EnvoyClusters.TlsToPicker));
        yaml.AppendLine(EnvoyClusters.ByHeader);
        yaml.AppendLine(EnvoyClusters.ByMetadata(modelServerPorts));
        return yaml.ToString();
    }

    private static string Listener(EnvoyListener listener, IReadOnlyList<int> modelServerPorts) =>
        $$"""
          - name: {{listener.Name}}
            address: {socket_address: {address: 127.0.0.1, port_value: 0} }
            per_connection_buffer_limit_bytes: {{BufferLimit}}
            filter_chains:
            - filters:
              - name: http
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: {{listener.Name}}
                  codec_type: AUTO
                  http_protocol_options: {enable_trailers: true}
                  http2_protocol_options: {max_concurrent_streams: 1000}
                  route_config:
                    virtual_hosts:
                    - name: all
                      domains: ["*"]
                      routes:
                      - match: {prefix: /}
                        route:
                          cluster: {{Route(listener.Destination)}}
                          timeout: 0s
                          retry_policy: {{Retry(listener.Destination)}}
                  http_filters:
                  - name: subset_text
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.header_to_metadata.v3.Config
                      request_rules:
                      - header: {{EnvoyListener.SubsetHeader}}
                        on_header_present: {metadata_namespace: envoy.lb.subset_hint, key: x-gateway-destination-endpoint-subset, type: STRING}
        {{SubsetList(listener, modelServerPorts)}}
                  - name: ext_proc
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
                      grpc_service: {envoy_grpc: {cluster_name: {{Picker(listener.Tls)}}, authority: "{{listener.PickerAuthority}}"} }
                      message_timeout: 600s
                      processing_mode:
                        request_header_mode: SEND
                        request_body_mode: {{listener.ModeNames.Request}}
                        request_trailer_mode: SEND
                        response_header_mode: SEND
                        response_body_mode: {{listener.ModeNames.Response}}
                        response_trailer_mode: SEND
                      metadata_options:
                        forwarding_namespaces: {untyped: [envoy.lb, envoy.lb.subset_hint]}
                        receiving_namespaces: {untyped: [envoy.lb]}
                  - name: router
                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
        """;

    private static string Route(Destination destination) => destination == Destination.Header ? "by-header" : "by-metadata";

    private static string Retry(Destination destination) => destination == Destination.Header
        ? "{}"
        : """
          {retry_on: connect-failure, num_retries: 3, host_selection_retry_max_attempts: 5, retry_host_predicate: [{name: previous_hosts, typed_config: {"@type": type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate} }]}
          """;

    private static string Picker(bool tls) => tls ? "picker-tls" : "picker";

    /// <summary>The subset as a list, which only a value of the configuration can be.</summary>
    private static string SubsetList(EnvoyListener listener, IEnumerable<int> modelServerPorts) => listener.SubsetSize is not { } size
        ? ""
        : $$"""
                  - name: subset_list
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.set_metadata.v3.Config
                      metadata:
                      - metadata_namespace: envoy.lb.subset_hint
                        value: {x-gateway-destination-endpoint-subset: [{{string.Join(", ", modelServerPorts.Take(size).Select(port => $"\"127.0.0.1:{port}\""))}}]}

        """;
}
