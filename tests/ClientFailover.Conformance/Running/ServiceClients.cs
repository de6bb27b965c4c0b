using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;

namespace ClientFailover.Conformance.Running;

/// <summary>
/// Responsible for clients of a running service, as one account or as nobody. Those over TLS trust its certificate and
/// no other.
/// </summary>
internal static class ServiceClients
{
    /// <summary>Makes an HTTP client, over TLS.</summary>
    /// <param name="service">The service.</param>
    /// <param name="credentials">The Authorization header; null: none.</param>
    /// <returns>The client.</returns>
    public static HttpClient OpenHttp(this RunningService service, AuthenticationHeaderValue? credentials) =>
        OpenHttp(service.Tls, Trusting(service), credentials);

    /// <summary>Makes an HTTP client.</summary>
    /// <param name="address">Where to.</param>
    /// <param name="handler">How.</param>
    /// <param name="credentials">The Authorization header; null: none.</param>
    /// <returns>The client.</returns>
    public static HttpClient OpenHttp(Uri address, HttpMessageHandler handler, AuthenticationHeaderValue? credentials)
    {
        var client = new HttpClient(handler) { BaseAddress = address, Timeout = RunningService.Patience };
        client.DefaultRequestHeaders.Authorization = credentials;
        return client;
    }

    /// <summary>Makes a gRPC channel, over TLS.</summary>
    /// <param name="service">The service.</param>
    /// <param name="credentials">The Authorization header; null: none.</param>
    /// <param name="wrap">What goes between channel and network; null: nothing.</param>
    /// <returns>The channel.</returns>
    public static GrpcChannel OpenGrpc(
        this RunningService service, AuthenticationHeaderValue? credentials, Func<HttpMessageHandler, HttpMessageHandler>? wrap = null)
    {
        HttpMessageHandler handler = Trusting(service);
        return OpenGrpc(service.Tls, wrap?.Invoke(handler) ?? handler, credentials);
    }

    /// <summary>Makes a gRPC channel.</summary>
    /// <param name="address">Where to.</param>
    /// <param name="handler">How.</param>
    /// <param name="credentials">The Authorization header; null: none.</param>
    /// <returns>The channel.</returns>
    public static GrpcChannel OpenGrpc(Uri address, HttpMessageHandler handler, AuthenticationHeaderValue? credentials) =>
        GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpClient = OpenHttp(address, handler, credentials),
            DisposeHttpClient = true,
            MaxReceiveMessageSize = null,
        });

    /// <summary>Makes a way to the service over TLS that shows a certificate, whatever the service asks for.</summary>
    /// <param name="service">The service.</param>
    /// <param name="certificate">The certificate.</param>
    /// <returns>The way.</returns>
    public static SocketsHttpHandler Showing(this RunningService service, X509Certificate2 certificate)
    {
        var handler = Trusting(service);
        handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        return handler;
    }

    private static SocketsHttpHandler Trusting(RunningService service)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, EnableMultipleHttp2Connections = true };
        handler.SslOptions.RemoteCertificateValidationCallback =
            (_, certificate, _, _) => certificate is X509Certificate2 shown && shown.Thumbprint == service.Thumbprint;
        return handler;
    }
}
