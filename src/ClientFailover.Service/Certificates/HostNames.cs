using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace ClientFailover.Service.Certificates;

/// <summary>The names and addresses by which clients may reach this machine.</summary>
/// <param name="HostName">Its name without domain.</param>
/// <param name="DnsNames">Every name: host name, name with domain, localhost.</param>
/// <param name="Addresses">Every address, the loopback ones first.</param>
internal sealed record HostNames(string HostName, IReadOnlyList<string> DnsNames, IReadOnlyList<IPAddress> Addresses)
{
    private static readonly TimeSpan LookupTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Asks the system.</summary>
    /// <returns>Those of this machine. The name server gets one second, so that a broken one does not hold up the start.</returns>
    public static HostNames OfThisMachine()
    {
        var host = Dns.GetHostName();
        var domain = IPGlobalProperties.GetIPGlobalProperties().DomainName.Trim('.');
        var withDomain = domain.Length > 0 && !host.Contains('.', StringComparison.Ordinal) ? $"{host}.{domain}" : host;
        string[] names = [host, host.Split('.')[0], withDomain, LookUp(host), "localhost"];

        return new HostNames(
            host.Split('.')[0],
            [.. names.Where(n => Uri.CheckHostName(n) == UriHostNameType.Dns).Distinct(StringComparer.OrdinalIgnoreCase)],
            [.. AddressesOfInterfaces().Prepend(IPAddress.IPv6Loopback).Prepend(IPAddress.Loopback).Distinct()]);
    }

    private static IReadOnlyList<IPAddress> AddressesOfInterfaces()
    {
        try
        {
            return
            [
                .. NetworkInterface.GetAllNetworkInterfaces()
                    .Where(i => i.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
                    .SelectMany(i => i.GetIPProperties().UnicastAddresses)
                    .Select(a => a.Address.AddressFamily == AddressFamily.InterNetworkV6 ? new IPAddress(a.Address.GetAddressBytes()) : a.Address),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NetworkInformationException)
        {
            // To tell of interfaces the runtime reads files, such as /etc/resolv.conf, that a container or a confined unit may be without.
            return [];
        }
    }

    private static string LookUp(string host)
    {
        try
        {
            using var timeout = new CancellationTokenSource(LookupTimeout);
            return Dns.GetHostEntryAsync(host, timeout.Token).WaitAsync(LookupTimeout).GetAwaiter().GetResult().HostName;
        }
        catch (Exception e) when (e is SocketException or TimeoutException or OperationCanceledException)
        {
            return host;
        }
    }
}
