using Grpc.Core;

namespace ClientFailover.Service.Transport.Services;

/// <summary>Responsible for telling the version.</summary>
internal sealed class VersionService : V1.VersionService.VersionServiceBase
{
    /// <summary>The version, as callers are told it.</summary>
    public static readonly string Version = typeof(VersionService).Assembly.GetName().Version!.ToString(3);

    /// <inheritdoc/>
    public override Task<V1.GetVersionResponse> GetVersion(V1.GetVersionRequest request, ServerCallContext context) =>
        Task.FromResult(new V1.GetVersionResponse { Version = Version });
}
