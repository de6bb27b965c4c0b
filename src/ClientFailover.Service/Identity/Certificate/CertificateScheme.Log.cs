using System.Net;

namespace ClientFailover.Service.Identity.Certificate;

internal sealed partial class CertificateScheme
{
    [LoggerMessage(3035, LogLevel.Warning, "The certificate of {Subject} from {Address} was refused: {Reason}")]
    private partial void LogRefused(string subject, IPAddress? address, string reason);

    [LoggerMessage(3036, LogLevel.Warning, "The certificate of {Name} has no role of this service: none of its names is mapped to one")]
    private partial void LogWithoutRole(string name);
}
