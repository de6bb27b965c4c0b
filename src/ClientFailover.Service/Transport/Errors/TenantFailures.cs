using ClientFailover.Service.Tenants;
using Grpc.Core;

namespace ClientFailover.Service.Transport.Errors;

/// <summary>What goes wrong with tenants, namespaces and their limits: a part of the table of <see cref="Failures"/>.</summary>
internal static class TenantFailures
{
    /// <summary>The code of <see cref="RateLimited"/>.</summary>
    public const string RateLimitedCode = "RATE_LIMITED";

    // Whether there is room again is for people to see to.
    private static readonly TimeSpan LimitWait = TimeSpan.FromMinutes(1);

    /// <summary>What a change that was not made comes to.</summary>
    /// <param name="outcome">What became of it.</param>
    /// <param name="tenant">The tenant's id.</param>
    /// <param name="namespace">The namespace's id; null: it was about the tenant.</param>
    /// <returns>The failure.</returns>
    public static Failure Of(TenantOutcome outcome, string tenant, string? @namespace) => outcome switch
    {
        TenantOutcome.NotFound => NotFound(tenant, @namespace),
        TenantOutcome.Differs => new(
            StatusCode.AlreadyExists,
            @namespace is null ? "TENANT_DIFFERS" : "NAMESPACE_DIFFERS",
            $"{Name(tenant, @namespace)} was not created.",
            "It exists already, with other members.",
            "Read it and adopt its members, or delete it and create it again."),
        TenantOutcome.HasGroups => new(
            StatusCode.Aborted,
            @namespace is null ? "TENANT_IN_USE" : "NAMESPACE_IN_USE",
            $"{Name(tenant, @namespace)} was not deleted.",
            "It has groups.",
            "Delete its groups, then try again."),
        TenantOutcome.IsDefault => new(
            StatusCode.Aborted,
            "DEFAULT_KEPT",
            $"{Name(tenant, @namespace)} was not deleted.",
            "It is the one that is meant where none is named, and always exists.",
            "Leave it; delete its groups if they are out of use."),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "An outcome that is no failure."),
    };

    /// <summary>There is no such tenant or namespace. For those who may know: for others it is <see cref="Failures.NamespaceDenied"/>.</summary>
    /// <param name="tenant">The tenant's id.</param>
    /// <param name="namespace">The namespace's id; null: it was about the tenant.</param>
    /// <returns>The failure.</returns>
    public static Failure NotFound(string tenant, string? @namespace) => new(
        StatusCode.NotFound,
        @namespace is null ? "TENANT_NOT_FOUND" : "NAMESPACE_NOT_FOUND",
        $"{Name(tenant, @namespace)} was not found.",
        @namespace is null ? "The service has no tenant with this id." : "The tenant has no namespace with this id.",
        "Create it first, or correct the id.");

    /// <summary>A namespace, or a group of it, has as much as it may.</summary>
    /// <param name="limit">Of what.</param>
    /// <returns>The failure.</returns>
    public static Failure Of(LimitReached limit) => limit.Kind == LimitKind.Removed
        ? Failures.NamespaceDenied
        : new(
            StatusCode.ResourceExhausted,
            "LIMIT_REACHED",
            limit.Kind is LimitKind.Sessions or LimitKind.SessionsOfGroup ? "The session was not registered." : "The group was not created.",
            $"The {(limit.Kind == LimitKind.SessionsOfGroup ? "group" : "namespace")} has reached its limit of {limit.Maximum} {What(limit.Kind)}.",
            limit.Kind == LimitKind.Ids
                ? "Use the id of a group that was deleted: such ids are remembered, so that no term is given twice."
                : $"Delete {What(limit.Kind)} that are out of use, or ask an administrator of the service for a higher limit.")
        { RetryAfter = LimitWait };

    /// <summary>A namespace makes more requests than it may.</summary>
    /// <param name="perSecond">How many it may make.</param>
    /// <param name="wait">When it may make the next.</param>
    /// <returns>The failure.</returns>
    public static Failure RateLimited(long perSecond, TimeSpan wait) => new(
        StatusCode.ResourceExhausted,
        RateLimitedCode,
        "The request was refused.",
        $"The namespace makes more than its limit of {perSecond} requests a second. Heartbeats are not limited.",
        "Wait for as long as RetryInfo or the Retry-After header says, then try again.")
    { RetryAfter = wait };

    /// <summary>A caller, or all of its tenant, has as many watches open as it may.</summary>
    /// <param name="most">How many.</param>
    /// <param name="whose">Of the caller or the tenant.</param>
    /// <returns>The failure.</returns>
    public static Failure TooManyWatches(int most, string whose) => new(
        StatusCode.ResourceExhausted,
        "LIMIT_REACHED",
        "The watch was not opened.",
        $"The {whose} has reached its limit of {most} open watches.",
        "Close watches that are out of use, or share one.")
    { RetryAfter = LimitWait };

    /// <summary>A caller does not read the long answers that it asks for.</summary>
    public static Failure TooManyAnswers { get; } = new(
        StatusCode.ResourceExhausted,
        "ANSWERS_UNREAD",
        "The request was refused.",
        "Earlier answers to the same caller are long, and not read yet.",
        "Read them to their end, or ask for less at a time, then try again.")
    { RetryAfter = TimeSpan.FromSeconds(1) };

    private static string What(LimitKind kind) => kind switch
    {
        LimitKind.Groups => "groups",
        LimitKind.Ids => "ids of groups, deleted ones included",
        _ => "sessions",
    };

    private static string Name(string tenant, string? @namespace) =>
        @namespace is null ? $"Tenant '{tenant}'" : $"Namespace '{@namespace}' of tenant '{tenant}'";
}
