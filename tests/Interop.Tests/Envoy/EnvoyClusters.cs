using System.Globalization;

namespace Orleans.Inference.Interop.Tests.Envoy;

/// <summary>The clusters of Envoy's bootstrap file.</summary>
internal static class EnvoyClusters
{
    /// <summary>The picker.</summary>
    /// <param name="transport">Its transport socket; empty without TLS.</param>
    public static string Picker(string name, int port, string transport) =>
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
    public const string TlsToPicker =
        """
            transport_socket:
              name: tls
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
                sni: outbound|9002||epp.ns.svc.cluster.local
                common_tls_context: {alpn_protocols: [h2]}
        """;

    /// <summary>See <see cref="Destination.Header"/>.</summary>
    public const string ByHeader =
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

    /// <summary>See <see cref="Destination.Metadata"/>.</summary>
    public static string ByMetadata(IEnumerable<int> ports) =>
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
                    selected_host_key: {key: envoy.lb, path: [{key: x-gateway-destination-endpoint-served}]}
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

    private static string Endpoint(int port) =>
        string.Create(CultureInfo.InvariantCulture, $"        - endpoint: {{ address: {{ socket_address: {{ address: 127.0.0.1, port_value: {port} }} }} }}\n");
}
