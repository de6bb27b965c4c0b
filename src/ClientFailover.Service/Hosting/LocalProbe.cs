using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace ClientFailover.Service.Hosting;

/// <summary>Responsible for asking the service on this machine, as its settings say where it listens, whether it answers.</summary>
internal static class LocalProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Where a caller on this machine reaches the service.</summary>
    /// <param name="options">The settings, with a port.</param>
    /// <returns>The address of the probe.</returns>
    public static Uri AddressOf(ServiceOptions options)
    {
        var address = IPAddress.Parse(options.Address);
        if (address.Equals(IPAddress.Any))
        {
            address = IPAddress.Loopback;
        }
        else if (address.Equals(IPAddress.IPv6Any))
        {
            address = IPAddress.IPv6Loopback;
        }

        return new Uri($"https://{new IPEndPoint(address, options.Port)}/healthz/live");
    }

    /// <summary>Asks.</summary>
    /// <param name="probe">The address of the probe.</param>
    /// <returns>Why there is no answer, or which one instead of a good one; null: the service answers.</returns>
    public static string? Ask(Uri probe)
    {
        // Whoever answers is told nothing, so that it need not prove who it is; a certificate may name other addresses only.
        using var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;

        // Nor is it judged by the authorities that the system trusts, which an image for containers may be without.
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        using var client = new HttpClient(handler) { Timeout = Patience };
        using var request = new HttpRequestMessage(HttpMethod.Get, probe);
        try
        {
            using var response = client.Send(request);
            return response.StatusCode == HttpStatusCode.OK ? null : $"the answer is {(int)response.StatusCode}";
        }
        catch (HttpRequestException e)
        {
            return e.GetBaseException().Message;
        }
        catch (TaskCanceledException)
        {
            return $"no answer within {Patience.TotalSeconds:0} s";
        }
    }
}
