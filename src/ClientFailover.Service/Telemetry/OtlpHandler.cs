namespace ClientFailover.Service.Telemetry;

/// <summary>Responsible for noticing what comes of sending telemetry, over both of its protocols.</summary>
/// <param name="state">Is told.</param>
/// <param name="inner">Sends.</param>
internal sealed class OtlpHandler(OtlpState state, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const string GrpcStatus = "grpc-status";

    /// <inheritdoc/>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var response = base.Send(request, cancellationToken);
            state.Report(ProblemOf(response));
            return response;
        }
        catch (Exception e)
        {
            state.Report(Describe(e));
            throw;
        }
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);

            // Of gRPC what became of it follows the content.
            await response.Content.LoadIntoBufferAsync(cancellationToken).ConfigureAwait(false);
            state.Report(ProblemOf(response));
            return response;
        }
        catch (Exception e)
        {
            state.Report(Describe(e));
            throw;
        }
    }

    private static string? ProblemOf(HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
        {
            return $"it answers with HTTP status {(int)response.StatusCode}";
        }

        var status = response.Headers.TryGetValues(GrpcStatus, out var early) ? early : response.TrailingHeaders.TryGetValues(GrpcStatus, out var late) ? late : null;
        return status?.FirstOrDefault() is { } code and not "0" ? $"it answers with gRPC status {code}" : null;
    }

    private static string Describe(Exception e) => e is OperationCanceledException ? "it does not answer in time" : e.GetBaseException().Message;
}
