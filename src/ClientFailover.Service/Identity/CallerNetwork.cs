using System.Net;
using System.Net.Sockets;

namespace ClientFailover.Service.Identity;

/// <summary>What counts as one caller's address. Whoever has one IPv6 address has the 2^64 of its network.</summary>
internal static class CallerNetwork
{
    /// <summary>The address that stands for all of the same caller.</summary>
    /// <param name="address">Where a caller is; null: unknown.</param>
    /// <returns>An IPv4 address as it is, the network of an IPv6 address.</returns>
    public static IPAddress Of(IPAddress? address)
    {
        if (address is null)
        {
            return IPAddress.None;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
