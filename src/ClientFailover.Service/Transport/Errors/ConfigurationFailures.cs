using Grpc.Core;

namespace ClientFailover.Service.Transport.Errors;

/// <summary>What goes wrong with the configuration: a part of the table of <see cref="Failures"/>.</summary>
internal static class ConfigurationFailures
{
    /// <summary>There is no such health endpoint.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>The failure.</returns>
    public static Failure NotFound(string id) => new(
        StatusCode.NotFound,
        "HEALTH_ENDPOINT_NOT_FOUND",
        $"Health endpoint '{id}' was not found.",
        "The service has no health endpoint with this id.",
        "Add it first, or correct the id.");

    /// <summary>Health endpoints that were to be added exist already.</summary>
    /// <param name="ids">Their ids.</param>
    /// <returns>The failure.</returns>
    public static Failure Exist(IReadOnlyCollection<string> ids) => new(
        StatusCode.AlreadyExists,
        "HEALTH_ENDPOINT_EXISTS",
        "No health endpoint was added.",
        $"There {(ids.Count == 1 ? "is one" : "are some")} already with the id {string.Join(", ", ids.Select(i => $"'{i}'"))}.",
        "Replace what exists, or use other ids.");
}
