using ClientFailover.Service.Health.Omf;

namespace ClientFailover.Service.Health;

/// <summary>How the service was at a moment. One object for all endpoints: what waits for a slow one is a reference.</summary>
/// <param name="Time">The moment, UTC.</param>
/// <param name="Message">The data message that tells it.</param>
internal sealed record HealthSample(DateTime Time, OmfMessage Message);
