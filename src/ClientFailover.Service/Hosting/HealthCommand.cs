using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace ClientFailover.Service.Hosting;

/// <summary>
/// Responsible for the command <c>health</c>: asks the service on this machine, as its settings say where it listens, whether it
/// answers. For containers and scripts, which need a program that tells by its exit code.
/// </summary>
internal static class HealthCommand
{
    /// <summary>The command.</summary>
    public const string Name = "health";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Runs the command.</summary>
    /// <param name="arguments">What follows it on the command line: settings of the service.</param>
    /// <param name="directory">Where the settings file is looked for.</param>
    /// <param name="output">Takes what there is to tell.</param>
    /// <param name="error">Takes what is wrong.</param>
    /// <returns>One of <see cref="ExitCodes"/>: <see cref="ExitCodes.Failure"/> if the service does not answer.</returns>
    public static int Run(IReadOnlyList<string> arguments, string directory, TextWriter output, TextWriter error)
    {
        var settings = SettingsReader.Read(arguments, directory);
        var mistakes = settings.Mistakes.ToList();
        if (settings.Options.Port == 0)
        {
            mistakes.Add("Port is 0; which one the service was given cannot be known. Name it: --Port 5590.");
        }

        foreach (var mistake in mistakes)
        {
            error.WriteLine(mistake);
        }

        return mistakes.Count == 0 ? Ask(settings.Options, output, error) : ExitCodes.InvalidSettings;
    }

    /// <summary>Where a caller on this machine reaches the service.</summary>
    /// <param name="options">The settings.</param>
    /// <returns>The address of the probe.</returns>
    internal static Uri ProbeOf(ServiceOptions options)
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

    private static int Ask(ServiceOptions options, TextWriter output, TextWriter error)
    {
        var probe = ProbeOf(options);

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
            if (response.StatusCode == HttpStatusCode.OK)
            {
                output.WriteLine($"The service answers at {probe.GetLeftPart(UriPartial.Authority)}.");
                return ExitCodes.Success;
            }

            error.WriteLine($"{probe} answers {(int)response.StatusCode}.");
        }
        catch (HttpRequestException e)
        {
            error.WriteLine($"The service does not answer at {probe}: {e.GetBaseException().Message}");
        }
        catch (TaskCanceledException)
        {
            error.WriteLine($"The service has not answered at {probe} within {Patience.TotalSeconds:0} s.");
        }

        return ExitCodes.Failure;
    }
}
