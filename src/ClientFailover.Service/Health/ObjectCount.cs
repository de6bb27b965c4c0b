namespace ClientFailover.Service.Health;

/// <summary>How much the service has to look after.</summary>
/// <param name="Groups">Groups of all namespaces.</param>
/// <param name="Sessions">Sessions in them that are heard from.</param>
internal readonly record struct ObjectCount(int Groups, int Sessions);
