using System.Diagnostics;
using OpenTelemetry.Trace;

namespace ClientFailover.Service.Telemetry;

/// <summary>
/// Responsible for which traces are kept: of requests a share, by the trace's id and whatever the caller asks for, as callers could
/// otherwise have every request traced; what is part of a trace that is kept; and every takeover, of which there are few.
/// </summary>
/// <param name="ratio">The share of requests, 0 to 1.</param>
internal sealed class RequestSampler(double ratio) : Sampler
{
    private readonly TraceIdRatioBasedSampler _requests = new(ratio);

    /// <inheritdoc/>
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        if (samplingParameters.Kind == ActivityKind.Server)
        {
            return _requests.ShouldSample(samplingParameters);
        }

        var parent = samplingParameters.ParentContext;
        return new SamplingResult(parent == default || parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded));
    }
}
