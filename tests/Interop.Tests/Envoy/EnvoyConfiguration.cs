using System.Globalization;
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
    public static string Write(IEnumerable<EnvoyListener> listeners, int pickerPort, int tlsPickerPort, IEnumerable<int> modelServerPorts)
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
            yaml.AppendLine(Listener(listener));
        }

        yaml.AppendLine("  clusters:");
        yaml.AppendLine(Picker("picker", pickerPort, ""));
        yaml.AppendLine(Picker("picker-tls", tlsPickerPort, TlsToPicker));
        yaml.AppendLine(ByHeader);
        yaml.AppendLine(ByMetadata(modelServerPorts));
        return yaml.ToString();
    }

    private static string Listener(EnvoyListener listener) =>
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
                        route: {cluster: {{Route(listener.Destination)}}, timeout: 0s}
                  http_filters:
                  - name: ext_proc
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
                      grpc_service: {envoy_grpc: {cluster_name: {{Picker(listener.Tls)}}, authority: "{{listener.PickerAuthority}}"} }
                      message_timeout: 600s
                      processing_mode:
                        request_header_mode: SEND
                        request_body_mode: {{Mode(listener.Mode)}}
                        request_trailer_mode: SEND
                        response_header_mode: SEND
                        response_body_mode: {{Mode(listener.Mode)}}
                        response_trailer_mode: SEND
                      metadata_options:
                        forwarding_namespaces: {untyped: [envoy.lb]}
                        receiving_namespaces: {untyped: [envoy.lb]}
                  - name: router
                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
        """;

    private static string Route(Destination destination) => destination == Destination.Header ? "by-header" : "by-metadata";

    private static string Picker(bool tls) => tls ? "picker-tls" : "picker";

    private static string Endpoint(int port) =>
        string.Create(CultureInfo.InvariantCulture, $"        - endpoint: {{ address: {{ socket_address: {{ address: 127.0.0.1, port_value: {port} }} }} }}\n");

    private static string Mode(BodyMode mode) => mode == BodyMode.FullDuplex ? "FULL_DUPLEX_STREAMED" : "BUFFERED";

    private static string Picker(string name, int port, string transport) =>
        $$"""
          - name: {{name}}
            type: STATIC
            connect_timeout: 30s
            circuit_breakers: {thresholds: [{max_requests: 10000, max_pending_requests: 10000, max_connections: 10000}]}
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                explicit_http_config: {http2_protocol_options: {} }
            load_assignment:
              cluster_name: {{name}}
              endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: {{port}} } } } }]}]
        {{transport}}
        """;

    /// <summary>TLS as Istio speaks it to a picker: ALPN h2, the server's name is its own notation, the certificate is not verified.</summary>
    private const string TlsToPicker =
        """
            transport_socket:
              name: tls
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
                sni: outbound|9002||epp.ns.svc.cluster.local
                common_tls_context: {alpn_protocols: [h2]}
        """;

    private const string ByHeader =
        """
          - name: by-header
            type: ORIGINAL_DST
            lb_policy: CLUSTER_PROVIDED
            connect_timeout: 30s
            circuit_breakers: {thresholds: [{max_requests: 10000, max_pending_requests: 10000, max_connections: 10000}]}
            original_dst_lb_config: {use_http_header: true, http_header_name: x-gateway-destination-endpoint}
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                explicit_http_config: {http_protocol_options: {enable_trailers: true} }
        """;

    private static string ByMetadata(IEnumerable<int> ports) =>
        $$"""
          - name: by-metadata
            type: STATIC
            connect_timeout: 30s
            circuit_breakers: {thresholds: [{max_requests: 10000, max_pending_requests: 10000, max_connections: 10000}]}
            load_balancing_policy:
              policies:
              - typed_extension_config:
                  name: envoy.load_balancing_policies.override_host
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.load_balancing_policies.override_host.v3.OverrideHost
                    override_host_sources: [{metadata: {key: envoy.lb, path: [{key: x-gateway-destination-endpoint}]} }]
                    fallback_policy:
                      policies:
                      - typed_extension_config:
                          name: envoy.load_balancing_policies.round_robin
                          typed_config: {"@type": type.googleapis.com/envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin}
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                explicit_http_config: {http_protocol_options: {enable_trailers: true} }
            load_assignment:
              cluster_name: by-metadata
              endpoints:
              - lb_endpoints:
        {{string.Concat(ports.Select(Endpoint))}}
        """;
}
