using ClientFailover.Client.Buffering;
using Microsoft.Extensions.Logging;

namespace ClientFailover.Client.Hosting;

/// <summary>Responsible for the parts of an adapter that tests replace.</summary>
internal static class Parts
{
    public static IItemBuffer Buffer(FailoverOptions options, TimeProvider time, ILoggerFactory loggers) =>
        throw new NotSupportedException();

    public static IMembership Membership(FailoverOptions options, IFailoverMember member, TimeProvider time, ILoggerFactory loggers) =>
        throw new NotSupportedException();
}
