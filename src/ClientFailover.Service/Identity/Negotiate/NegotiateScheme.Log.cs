using System.Net;

namespace ClientFailover.Service.Identity.Negotiate;

internal sealed partial class NegotiateScheme
{
    [LoggerMessage(3040, LogLevel.Warning, "A Kerberos logon from {Address} was refused: {Reason}")]
    private partial void LogRefused(IPAddress? address, string reason);

    [LoggerMessage(3041, LogLevel.Warning, "{Name} logged on by Kerberos and has no role of this service: neither it nor a group of it is mapped to one")]
    private partial void LogWithoutRole(string name);
}
