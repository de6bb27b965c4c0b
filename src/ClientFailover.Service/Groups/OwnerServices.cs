using ClientFailover.Engine;
using ClientFailover.Service.AccessControl;
using ClientFailover.Service.Storage;
using ClientFailover.Service.Telemetry;
using ClientFailover.Service.Tenants;

namespace ClientFailover.Service.Groups;

/// <summary>What all owners share.</summary>
/// <param name="Settings">Settings of the engine.</param>
/// <param name="Store">Where they record.</param>
/// <param name="Scheduler">Who ticks them.</param>
/// <param name="Clock">Their clock.</param>
/// <param name="Watch">Whom they tell.</param>
/// <param name="Access">The access control lists, which come and go with groups.</param>
/// <param name="Tenants">The namespaces, whose limits count groups and sessions.</param>
/// <param name="Logger">Their log.</param>
/// <param name="Pushes">Measures how long roles take to streams; null: nobody does.</param>
internal sealed record OwnerServices(
    EngineSettings Settings,
    IGroupStore Store,
    DeadlineScheduler Scheduler,
    ServiceClock Clock,
    WatchHub Watch,
    AccessLists Access,
    TenantDirectory Tenants,
    ILogger<GroupOwner> Logger,
    PushMeter? Pushes = null);
